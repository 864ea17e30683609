/**
 * What users of AstraNet do, done here; {@code docs/coming-from.md} puts their calls beside ours. Each is run as a test. May import anything
 * that users may. Start reading at {@link dev.culvert.examples.astranet.VirtualPorts}.
 */
@NullMarked
package dev.culvert.examples.astranet;

import org.jspecify.annotations.NullMarked;
