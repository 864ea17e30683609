package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Identity;
import dev.culvert.api.SessionRequest;
import dev.culvert.api.SessionValidator;
import dev.culvert.api.StreamRequest;
import dev.culvert.api.StreamValidator;
import dev.culvert.api.Validators;
import dev.culvert.api.Verdict;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an embedder's validators, off the event loops. Every doubt is a refusal. Any thread. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final String node;
    private final Validators validators;
    private final Executor threads;

    Gate(String node, Validators validators, Executor threads) {
        this.node = node;
        this.validators = validators;
        this.threads = threads;
    }

    boolean checksSessions() {
        return validators.sessions() != SessionValidator.ANY;
    }

    /** On any thread. */
    CompletionStage<Verdict> session(SessionRequest request) {
        return ask(() -> validators.sessions().validate(request));
    }

    /** What decides on the streams of a peer; null if nothing does. */
    @Nullable
    StreamGate streams(Peer peer, Identity identity) {
        return validators.streams() == StreamValidator.ANY ? null : new StreamGate(this, peer.node(), identity);
    }

    /** On any thread. */
    CompletionStage<Verdict> stream(StreamRequest request) {
        return ask(() -> validators.streams().validate(request));
    }

    private CompletionStage<Verdict> ask(Callable<Verdict> question) {
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> answer.complete(answer(question)));
        } catch (RejectedExecutionException e) {
            answer.complete(new Verdict(ErrorCode.BUSY, "all threads for validators are at work"));
        }
        return answer;
    }

    private Verdict answer(Callable<Verdict> question) {
        try {
            return question.call();
        } catch (Exception | Error e) {
            LOG.warn("A validator failed, which refuses: {}", e.toString());
            return new Verdict(ErrorCode.INTERNAL, "the validator failed; see the log of " + node);
        }
    }
}
