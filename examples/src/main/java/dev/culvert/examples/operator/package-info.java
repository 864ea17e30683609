/**
 * What users of Operator do, done here; {@code docs/coming-from.md} puts their calls beside ours. Each is run as a test. May import anything
 * that users may. Start reading at {@link dev.culvert.examples.operator.UnreachableMachine}.
 */
@NullMarked
package dev.culvert.examples.operator;

import org.jspecify.annotations.NullMarked;
