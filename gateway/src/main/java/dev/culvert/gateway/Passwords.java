package dev.culvert.gateway;

import dev.culvert.api.PasswordHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Judges users and passwords, slowly as it must be and off the event loops: on one thread with a short queue, so that guessing costs one
 * core at most. What was right is known from then on by a keyed hash, and costs nothing. Any thread.
 */
final class Passwords {
    private static final int KNOWN = 1024;
    private static final PasswordHash NOBODY = PasswordHash.ofNobody();

    private final SecretKeySpec key;
    private final Executor thread;
    private final LongSupplier nowNanos;
    private final Guesses guesses = new Guesses();
    private final Map<String, List<Consumer<Answer>>> asked = new HashMap<>();
    private final Recent<Boolean> known = new Recent<>(KNOWN);
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * @param secret random, of this process
     * @param thread runs one task at a time, and throws {@link RejectedExecutionException} if too many wait
     */
    Passwords(byte[] secret, Executor thread, LongSupplier nowNanos) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.thread = thread;
        this.nowNanos = nowNanos;
    }

    /** What became of a question. */
    enum Answer {
        RIGHT,
        WRONG,
        /** The address was wrong too often. */
        TOO_OFTEN,
        /** Too many wait already. */
        BUSY
    }

    /**
     * Whether what was shown is one of each list.
     *
     * @param lists by user; each must be met
     * @param text of the lists, which tells them from others
     * @param address whose guess it is
     */
    record Question(List<Map<String, PasswordHash>> lists, String text, BasicCredentials shown, String address) {}

    /** Whether it was asked before and right. */
    boolean isKnown(Question question) {
        String mark = mark(question);
        lock.lock();
        try {
            return known.get(mark) != null;
        } finally {
            lock.unlock();
        }
    }

    /** @param then told once: at once, or on the thread of passwords */
    void ask(Question question, Consumer<Answer> then) {
        String mark = mark(question);
        Answer atOnce;
        lock.lock();
        try {
            atOnce = begin(mark, question, then);
        } finally {
            lock.unlock();
        }
        if (atOnce != null) {
            then.accept(atOnce);
        }
    }

    /** Under the lock. Requests that ask the same while it is being looked at are one guess. */
    private @Nullable Answer begin(String mark, Question question, Consumer<Answer> then) {
        if (known.get(mark) != null) {
            return Answer.RIGHT;
        }
        List<Consumer<Answer>> others = asked.get(mark);
        if (others != null) {
            others.add(then);
            return null;
        }
        if (!guesses.take(question.address(), nowNanos.getAsLong())) {
            return Answer.TOO_OFTEN;
        }
        asked.put(mark, new ArrayList<>(List.of(then)));
        try {
            thread.execute(() -> judge(mark, question));
        } catch (RejectedExecutionException full) {
            asked.remove(mark);
            guesses.giveBack(question.address(), nowNanos.getAsLong());
            return Answer.BUSY;
        }
        return null;
    }

    private void judge(String mark, Question question) {
        boolean right = false;
        try {
            right = isRight(question);
        } finally {
            Answer answer = right ? Answer.RIGHT : Answer.WRONG;
            end(mark, question, right).forEach(then -> then.accept(answer));
        }
    }

    /** A user that nobody is takes as long as one that somebody is. */
    private static boolean isRight(Question question) {
        boolean right = true;
        for (Map<String, PasswordHash> list : question.lists()) {
            PasswordHash hash = list.getOrDefault(question.shown().user(), NOBODY);
            right &= hash.isOf(question.shown().password());
        }
        return right;
    }

    private List<Consumer<Answer>> end(String mark, Question question, boolean right) {
        lock.lock();
        try {
            if (right) {
                known.put(mark, true);
                guesses.giveBack(question.address(), nowNanos.getAsLong());
            }
            List<Consumer<Answer>> waiting = asked.remove(mark);
            return waiting == null ? List.of() : waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Tells questions apart, and tells nothing of the password. */
    private String mark(Question question) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            for (String part : List.of(
                    question.text(), question.shown().user(), question.shown().password())) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
