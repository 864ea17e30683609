/** Tests of the gateway: pure rules, then requests through a relay and an agent to services. */
@NullMarked
package dev.culvert.gateway;

import org.jspecify.annotations.NullMarked;
