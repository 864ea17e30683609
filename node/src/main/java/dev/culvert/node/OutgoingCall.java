package dev.culvert.node;

import dev.culvert.api.CallException;
import dev.culvert.api.CallOptions;
import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamResetException;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call that this node makes: the request leaves with the open, and the answer ends it. The dial and the timer belong to its home
 * loop, the stream to its own; the result may be cancelled on any thread. [CALL]
 */
final class OutgoingCall implements Dial.Result, StreamHandler {
    /** Bytes of a chunk's length and of an end mark. */
    private static final int FRAMING = 4;

    private static final int NOTHING = -1;

    private final byte[] request;
    private final CallOptions options;
    private final Traffic traffic;
    private final EventLoop home;
    private final AnswerReader answer;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final int early;
    private @Nullable Dialling dial;
    private @Nullable Future<?> timer;
    private volatile @Nullable MuxStream stream;
    private volatile int resetCode = NOTHING;
    private volatile boolean settled;
    private boolean late;
    private boolean counted;

    private OutgoingCall(byte[] request, CallOptions options, Traffic traffic, EventLoop home) {
        this.request = request;
        this.options = options;
        this.traffic = traffic;
        this.home = home;
        this.answer = new AnswerReader(options.maxAnswerBytes());
        this.early = Math.min(request.length, Dial.MAX_KEPT - FRAMING);
    }

    /** Dials; on the call's home loop. */
    interface Starter {
        Dialling begin(EventLoop home, ByteBuf first, Dial.Result result);
    }

    /** Fails with {@link CulvertException}. */
    static CompletableFuture<byte[]> start(
            byte[] request, CallOptions options, Traffic traffic, EventLoop home, Starter starter) {
        OutgoingCall call = new OutgoingCall(request, options, traffic, home);
        call.result.whenComplete((value, failure) -> {
            if (!call.settled) {
                call.abort(ErrorCode.CANCELLED.number());
            }
        });
        Hop.to(home, () -> call.begin(starter));
        return call.result;
    }

    private void begin(Starter starter) {
        if (resetCode != NOTHING) {
            return;
        }
        long nanos = options.timeout().toNanos();
        timer = home.schedule(this::onDeadline, nanos, TimeUnit.NANOSECONDS);
        ByteBuf first = early == request.length ? Chunks.rest(request, 0) : Chunks.beginning(request, early);
        dial = starter.begin(home, first, this);
    }

    /** While it dials the dial's own deadline, which is the same, tells how far it has come. */
    private void onDeadline() {
        late = true;
        if (dial == null) {
            fail(new CallException(
                    ErrorCode.DEADLINE, "no answer within " + options.timeout().toMillis() + " ms"));
            abort(ErrorCode.DEADLINE.number());
        }
    }

    @Override
    public void onRefused(Refused refused) {
        dial = null;
        fail(refused.toException());
        stopTimer();
    }

    @Override
    public void onOpened(Dial.Opened opened) {
        dial = null;
        if (late) {
            onDeadline();
        }
        Hop.to(opened.exit().loop(), () -> attach(opened));
    }

    private void attach(Dial.Opened opened) {
        MuxStream open = opened.stream();
        traffic.open();
        traffic.in(request.length);
        counted = true;
        stream = open;
        opened.head().take(open, this);
        if (resetCode != NOTHING) {
            reset(resetCode);
        } else if (counted && !settled) {
            if (early < request.length) {
                open.write(Chunks.rest(request, early));
            }
            open.finish();
        }
    }

    /** Any thread. */
    private void abort(int code) {
        resetCode = code;
        Hop.to(home, () -> {
            stopTimer();
            Dialling dialling = dial;
            dial = null;
            if (dialling != null) {
                dialling.cancel(code);
            }
        });
        MuxStream open = stream;
        if (open != null) {
            Hop.to(open.session().loop(), () -> reset(code));
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** On the stream's loop. */
    private void reset(int code) {
        MuxStream open = stream;
        if (counted && open != null) {
            open.reset(code);
            end();
        }
    }

    private void end() {
        if (counted) {
            counted = false;
            traffic.end();
        }
    }

    private void fail(CulvertException failure) {
        settled = true;
        result.completeExceptionally(failure);
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        int bytes = data.readableBytes();
        traffic.out(bytes);
        try {
            if (!settled) {
                onAnswer(from, answer.take(data));
            }
        } finally {
            data.release();
        }
        if (counted) {
            from.consumed(bytes);
        }
    }

    private void onAnswer(MuxStream from, MessageAssembly.State state) {
        switch (state) {
            case INCOMPLETE -> {}
            case COMPLETE -> onComplete(from);
            case TOO_LARGE -> {
                fail(new CallException(
                        ErrorCode.TOO_LARGE, "an answer of more than " + options.maxAnswerBytes() + " bytes"));
                reset(ErrorCode.TOO_LARGE.number());
            }
            case MALFORMED -> {
                fail(new CallException(ErrorCode.PROTOCOL, "the answer is not one"));
                reset(ErrorCode.PROTOCOL.number());
            }
        }
        if (settled) {
            Hop.to(home, this::stopTimer);
        }
    }

    /** An answer may come before the request is out; nobody wants its rest then. */
    private void onComplete(MuxStream from) {
        settled = true;
        if (from.queued() > 0) {
            reset(ErrorCode.CANCELLED.number());
        } else {
            from.finish();
        }
        if (answer.code() == 0) {
            result.complete(answer.message());
        } else {
            result.completeExceptionally(
                    new CallException(answer.code(), new String(answer.message(), StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void onFinish(MuxStream from) {
        if (!settled) {
            fail(new CallException(ErrorCode.PROTOCOL, "the other end finished without an answer"));
            reset(ErrorCode.PROTOCOL.number());
            Hop.to(home, this::stopTimer);
        }
    }

    @Override
    public void onReset(MuxStream from, int code) {
        end();
        if (!settled) {
            fail(new StreamResetException(code, "the call was cut off, and whether it was handled is not known"));
            Hop.to(home, this::stopTimer);
        }
    }

    @Override
    public void onClosed(MuxStream from) {
        end();
    }
}
