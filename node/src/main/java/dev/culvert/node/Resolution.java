package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RelayResolver;
import dev.culvert.policy.JoinString;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Asks an embedder which relay serves what is dialled, off the event loops. Any thread. */
final class Resolution {
    private final String node;
    private final RelayFinder finder;
    private final Executor threads;
    private final DemandLinks links;
    private final Set<Question> questions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Resolution(String node, RelayFinder finder, Executor threads, DemandLinks links) {
        this.node = node;
        this.finder = finder;
        this.threads = threads;
        this.links = links;
    }

    /** On any thread, at most once. */
    interface Answer {
        /** @param link null: nothing is known */
        void onAnswer(@Nullable LinkConfig link);

        void onFailed(Refused refused);
    }

    DemandLinks links() {
        return links;
    }

    /** Does not block; the answer may come at once. */
    Question ask(Address address, Answer answer) {
        Question question = new Question(address, answer);
        if (questions.size() >= RelayResolver.MAX_QUESTIONS) {
            answer.onFailed(Refused.here(
                    node,
                    ErrorCode.BUSY,
                    RelayResolver.MAX_QUESTIONS + " dials wait for the resolver (expected: fewer, or a faster one)"));
            return question;
        }
        questions.add(question);
        try {
            threads.execute(question);
        } catch (RejectedExecutionException e) {
            question.fail(Refused.here(node, ErrorCode.BUSY, "all threads that may ask the resolver are at work"));
        }
        if (closed) {
            question.fail(closed());
        }
        return question;
    }

    /** Nobody is asked any more; who waits is told. */
    void close() {
        closed = true;
        for (Question question : questions) {
            question.fail(closed());
            question.cancel();
        }
        links.close();
    }

    private Refused closed() {
        return Refused.here(node, ErrorCode.DRAINING, "this node is closed (expected: one that runs)");
    }

    /** One question. Any thread. */
    final class Question implements Runnable {
        private final Address address;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Answer answer;
        private @Nullable Thread asking;

        private Question(Address address, Answer answer) {
            this.address = address;
            this.answer = answer;
        }

        @Override
        public void run() {
            if (begin()) {
                try {
                    answer();
                } finally {
                    end();
                }
            }
        }

        private boolean begin() {
            lock.lock();
            try {
                asking = answer == null ? null : Thread.currentThread();
                return asking != null;
            } finally {
                lock.unlock();
            }
        }

        private void end() {
            lock.lock();
            try {
                asking = null;
            } finally {
                lock.unlock();
            }
        }

        private void answer() {
            try {
                LinkConfig found = finder.find(address).orElse(null);
                Answer waiting = take();
                if (waiting != null) {
                    waiting.onAnswer(found);
                }
            } catch (IOException e) {
                fail(failed(ErrorCode.NO_ROUTE, e, "try again"));
            } catch (Throwable e) {
                fail(failed(ErrorCode.INTERNAL, e, "mend what was given to NodeBuilder.resolver"));
            }
        }

        /** A join string may be in the words of what failed. */
        private Refused failed(ErrorCode code, Throwable failure, String step) {
            String text = "the resolver failed for '" + address + "': " + JoinString.redact(String.valueOf(failure));
            return new Refused(code, text, node, true, step);
        }

        private void fail(Refused refused) {
            Answer waiting = take();
            if (waiting != null) {
                waiting.onFailed(refused);
            }
        }

        private @Nullable Answer take() {
            questions.remove(this);
            lock.lock();
            try {
                Answer waiting = answer;
                answer = null;
                return waiting;
            } finally {
                lock.unlock();
            }
        }

        /** Nobody waits for the answer. */
        void cancel() {
            take();
            lock.lock();
            try {
                if (asking != null) {
                    asking.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
