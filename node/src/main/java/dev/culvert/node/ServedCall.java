package dev.culvert.node;

import dev.culvert.api.CallException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamMode;
import dev.culvert.link.proto.StreamOpen;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call that this node answers: receives the request, has it handled on a thread of its own, and sends what came of it. Owned by its
 * stream's event loop. [CALL]
 */
final class ServedCall implements StreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ServedCall.class);
    private static final byte[] EMPTY = {};
    private static final int MAX_TEXT_BYTES = 4096;

    private final CallService service;
    private final MuxStream stream;
    private final StreamOpen open;
    private final MessageAssembly request;
    private final boolean notification;
    private int held;
    private boolean received;
    private boolean working;
    private boolean ended;
    private PendingRequest pending;

    ServedCall(CallService service, Incoming incoming) {
        this.service = service;
        this.stream = incoming.stream();
        this.open = incoming.call().open();
        this.request = new MessageAssembly(service.handler().maxRequestBytes());
        this.notification = StreamMode.VALUE_NOTIFY.equals(open.getHeadersMap().get(StreamMode.HEADER));
        this.pending = new PendingRequest(open, EMPTY, notification, this::line);
    }

    private HookLine line() {
        return new HookLine(
                service.threads(),
                task -> stream.session().loop().schedule(task, 100, TimeUnit.MILLISECONDS),
                this::onFailed);
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        int bytes = data.readableBytes();
        service.board().traffic().in(bytes);
        MessageAssembly.State state = MessageAssembly.State.INCOMPLETE;
        int before = request.count();
        if (!received) {
            state = request.take(data);
        }
        data.release();
        int more = request.count() - before;
        held += more;
        boolean room = service.hold(more);
        from.consumed(bytes);
        if (!received) {
            onRequest(room ? state : MessageAssembly.State.INCOMPLETE, room);
        }
    }

    private void onRequest(MessageAssembly.State state, boolean room) {
        if (!room) {
            refuse(ErrorCode.BUSY, "too many bytes of requests are held");
            return;
        }
        switch (state) {
            case INCOMPLETE -> {}
            case COMPLETE -> handle();
            case TOO_LARGE ->
                refuse(
                        ErrorCode.TOO_LARGE,
                        "a request of more than " + service.handler().maxRequestBytes() + " bytes");
            case MALFORMED -> {
                stream.reset(ErrorCode.PROTOCOL.number());
                end();
            }
        }
    }

    private void handle() {
        received = true;
        pending = new PendingRequest(open, request.message(), notification, this::line);
        if (notification) {
            answer(0, EMPTY);
        }
        working = true;
        stream.holdWork();
        try {
            service.threads().execute(this::work);
        } catch (RejectedExecutionException e) {
            done();
            refuse(ErrorCode.BUSY, "all threads for handlers are at work");
        }
    }

    /** On a handler's thread. */
    private void work() {
        int code = 0;
        byte[] answer = EMPTY;
        try {
            if (pending.begin()) {
                answer = service.handler().handle(pending);
            }
        } catch (CallException e) {
            code = e.number();
            answer = text(e.text());
        } catch (Exception | Error e) {
            code = ErrorCode.INTERNAL.number();
            answer =
                    text("the handler failed; see the log of " + service.board().node());
            if (!pending.isCancelled()) {
                onFailed(e);
            }
        } finally {
            pending.end();
        }
        int number = code;
        byte[] bytes = answer;
        Hop.to(stream.session().loop(), () -> {
            done();
            if (!notification) {
                answer(number, bytes);
            }
        });
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_TEXT_BYTES
                ? bytes
                : text.substring(0, MAX_TEXT_BYTES / 4).getBytes(StandardCharsets.UTF_8);
    }

    private void onFailed(Throwable cause) {
        LOG.info("Handler of calls of {} failed: {}", pending.address(), cause.toString());
        try {
            service.errors().onCallFailed(pending, cause);
        } catch (RuntimeException e) {
            LOG.warn("The hook for failed handlers failed", e);
        }
    }

    /** The handler's thread is free again. */
    private void done() {
        working = false;
        stream.releaseWork();
        maybeOver();
    }

    private void refuse(ErrorCode code, String text) {
        received = true;
        answer(code.number(), text(text));
        stream.stop(code.number());
    }

    private void answer(int code, byte[] message) {
        if (ended) {
            return;
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(Chunks.putVarint(Unpooled.buffer(5), code), Chunks.rest(message, 0));
        service.board().traffic().out(bytes.readableBytes());
        pending.answered();
        stream.write(bytes);
        stream.finish();
    }

    @Override
    public void onFinish(MuxStream from) {
        if (!received) {
            stream.reset(ErrorCode.PROTOCOL.number());
            end();
        }
    }

    @Override
    public void onStop(MuxStream from, int code) {
        pending.cancel();
    }

    @Override
    public void onReset(MuxStream from, int code) {
        pending.cancel();
        end();
    }

    @Override
    public void onClosed(MuxStream from) {
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            service.board().traffic().end();
            maybeOver();
        }
    }

    private void maybeOver() {
        if (ended && !working && held >= 0) {
            service.over(held);
            held = -1;
        }
    }
}
