/** Tests of policy, on temporary directories and clocks that the tests move. */
@org.jspecify.annotations.NullMarked
package dev.culvert.policy;
