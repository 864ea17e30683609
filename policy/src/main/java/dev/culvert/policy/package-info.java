/**
 * Who may register and dial what: keys, join strings, principals, scopes.
 *
 * <p>Threads: values are immutable; whatever reads or writes a file may block and is never called on an event loop. Imports:
 * api. Start reading at {@link dev.culvert.policy.Authenticator}.
 */
@NullMarked
package dev.culvert.policy;

import org.jspecify.annotations.NullMarked;
