/**
 * What the example programs of go-wirenet do, done here; {@code docs/coming-from.md} puts their calls beside ours. Each is run as a test. May
 * import anything that users may. Start reading at {@link dev.culvert.examples.wirenet.HubWithTwoNodes}.
 */
@NullMarked
package dev.culvert.examples.wirenet;

import org.jspecify.annotations.NullMarked;
