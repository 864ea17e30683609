/** Tests of the command: arguments, screens and exit codes with a fake node; the real thing is tested in module it. */
@NullMarked
package dev.culvert.cli;

import org.jspecify.annotations.NullMarked;
