/**
 * What users of backstream do, done here; {@code docs/coming-from.md} puts their calls beside ours. Each is run as a test. May import anything
 * that users may. Start reading at {@link dev.culvert.examples.backstream.CentralService}.
 */
@NullMarked
package dev.culvert.examples.backstream;

import org.jspecify.annotations.NullMarked;
