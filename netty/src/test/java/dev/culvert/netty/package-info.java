/** Drives channels with Netty's own bootstraps and codecs, and with gRPC. */
@NullMarked
package dev.culvert.netty;

import org.jspecify.annotations.NullMarked;
