/**
 * Who may register and dial what: identity keys, the certificates made from them, join strings and the invites behind them, bearer
 * tokens, scopes and names.
 *
 * <p>Threads: values are immutable; {@link dev.culvert.policy.Invites} and {@link dev.culvert.policy.BearerTokens} may be called from
 * any thread and may block on files, so never from an event loop.
 *
 * <p>May import: {@code dev.culvert.api}, BouncyCastle for making certificates, SLF4J; no Netty. Start reading at {@link
 * dev.culvert.policy.Authenticator} and {@link dev.culvert.policy.JoinString}.
 */
@NullMarked
package dev.culvert.policy;

import org.jspecify.annotations.NullMarked;
