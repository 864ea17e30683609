package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamClosedException;
import dev.culvert.api.StreamListener;
import dev.culvert.api.StreamResetException;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a stream promises to the threads that read, write, close and interrupt, through a relay. */
@Timeout(60)
final class StreamTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Instant PAST = Instant.EPOCH;

    private final Net net = new Net();
    private CulvertNode relay;
    private CulvertNode caller;
    private StreamListener listener;
    private Stream near;
    private Stream far;

    @BeforeEach
    void start() throws IOException {
        relay = net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        listener = edge.bind("echo");
        caller = net.start(net.agent("laptop", "relay1"));
        near = caller.dial("echo");
        far = listener.accept();
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void is_a_byte_channel() throws IOException {
        ByteBuffer sent = ByteBuffer.wrap("hello".getBytes(UTF_8));
        assertThat(near.write(sent)).isEqualTo(5);
        assertThat(sent.hasRemaining()).isFalse();

        ByteBuffer three = ByteBuffer.allocateDirect(3);
        assertThat(far.read(three)).isEqualTo(3);
        assertThat(far.input().available()).isEqualTo(2);
        ByteBuffer rest = ByteBuffer.allocate(10);
        assertThat(far.read(rest)).isEqualTo(2);
        assertThat(new String(rest.array(), 0, 2, UTF_8)).isEqualTo("lo");
        assertThat(far.read(ByteBuffer.allocate(0))).isZero();
        near.finish();
        assertThat(far.read(rest)).isEqualTo(-1);
        assertThat(near.isOpen()).isTrue();
        near.close();
        assertThat(near.isOpen()).isFalse();
        assertThatThrownBy(() -> near.read(rest)).isInstanceOf(StreamClosedException.class);
        assertThatThrownBy(() -> near.write(sent.rewind())).isInstanceOf(StreamClosedException.class);
    }

    @Test
    void a_file_goes_through_streams_and_channels_whole(@TempDir Path directory) throws Exception {
        byte[] bytes = new byte[3 << 20];
        new Random(11).nextBytes(bytes);
        Path file = Files.write(directory.resolve("sent"), bytes);
        Stream onward = caller.dial("echo");
        Stream last = listener.accept();
        CompletableFuture<Long> sending = background(() -> {
            try (FileChannel source = FileChannel.open(file)) {
                return near.transferFrom(source);
            } finally {
                near.finish();
            }
        });
        CompletableFuture<Long> passing = background(() -> {
            long passed = far.transferTo(onward);
            onward.finish();
            return passed;
        });

        Path received = directory.resolve("received");
        try (FileChannel target = FileChannel.open(received, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThat(last.transferTo(target)).isEqualTo(bytes.length);
        }
        assertThat(Files.readAllBytes(received)).isEqualTo(bytes);
        assertThat(sending.get()).isEqualTo(bytes.length);
        assertThat(passing.get()).isEqualTo(bytes.length);
    }

    @Test
    void input_and_output_streams_transfer_too() throws Exception {
        near.output().write("through".getBytes(UTF_8));
        near.finish();
        CompletableFuture<Long> echo = background(() -> {
            long bytes = far.input().transferTo(far.output());
            far.finish();
            return bytes;
        });
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        assertThat(near.input().transferTo(answer)).isEqualTo(7);
        assertThat(answer.toString(UTF_8)).isEqualTo("through");
        assertThat(echo.get()).isEqualTo(7);
    }

    @Test
    void what_was_read_after_both_ends_had_finished_is_given_back_to_the_session() throws Exception {
        Pipes pipes = new Pipes(new Traffic(), Ticker.systemTicker(), InstantSource.system(), Runnable::run);
        StreamPipe pipe = pipes.dialling(null);
        MuxStream stream = caller.open(
                        Address.parse("echo"), DialOptions.DEFAULT, Unpooled.EMPTY_BUFFER, pipe.handler())
                .toCompletableFuture()
                .get();
        EventLoop loop = stream.session().loop();
        loop.submit(() -> pipe.attach(stream)).get();
        pipe.finish();
        try (Stream answering = listener.accept()) {
            answering.output().write(new byte[20_000]);
        }
        pipe.ended().toCompletableFuture().get();
        assertThat(loop.submit(stream::unread).get()).isEqualTo(20_000);

        assertThat(new PipeInput(pipe).readAllBytes()).hasSize(20_000);

        await().atMost(Net.PATIENCE)
                .untilAsserted(
                        () -> assertThat(loop.submit(stream::unread).get()).isZero());
    }

    @Test
    void a_read_and_a_write_that_take_too_long_say_so_and_the_stream_lives_on() throws Exception {
        near.readTimeout(SHORT);
        assertThatThrownBy(() -> near.input().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("50 ms");

        near.writeTimeout(SHORT);
        int written = fill(near);
        CompletableFuture<byte[]> all = background(() -> far.input().readAllBytes());
        near.writeTimeout(Duration.ZERO);
        near.output().write(1);
        near.finish();
        assertThat(all.get()).hasSize(written + 1);
        far.output().write('x');
        near.readTimeout(Duration.ZERO);
        assertThat(near.input().read()).isEqualTo('x');
    }

    @Test
    void a_deadline_holds_for_calls_that_wait_already_and_can_be_moved() throws Exception {
        near.deadline(Instant.MAX);
        CompletableFuture<Integer> reading = background(() -> near.input().read());
        await().atMost(Net.PATIENCE).until(() -> isWaiting(reading));
        near.deadline(PAST);
        assertThatThrownBy(reading::get).hasRootCauseInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(() -> near.input().read()).hasMessageContaining("deadline");

        far.output().write('x');
        near.deadline(null);
        assertThat(near.input().read()).isEqualTo('x');
    }

    @Test
    void an_interrupt_ends_the_wait_and_neither_the_stream_nor_the_status() throws Exception {
        CompletableFuture<Boolean> status = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                near.input().read();
            } catch (InterruptedIOException e) {
                status.complete(Thread.currentThread().isInterrupted());
            } catch (IOException e) {
                status.completeExceptionally(e);
            }
        });
        reader.start();
        await().atMost(Net.PATIENCE).until(() -> reader.getState() == Thread.State.WAITING);
        reader.interrupt();
        assertThat(status.get()).isTrue();

        far.output().write('x');
        assertThat(near.input().read()).isEqualTo('x');
    }

    /** Repeated, for the answer may be there before the dial waits. */
    @RepeatedTest(50)
    void an_interrupted_dial_leaves_no_stream_behind() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread dialling = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                caller.dial("echo");
            } catch (IOException e) {
                failure.complete(e);
            }
        });
        dialling.start();
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
        await().atMost(Net.PATIENCE)
                .untilAsserted(
                        () -> assertThat(caller.status().traffic().open()).isEqualTo(1));
    }

    @Test
    void close_wakes_who_reads_and_who_writes() throws Exception {
        near.writeTimeout(SHORT);
        fill(near);
        near.writeTimeout(Duration.ZERO);
        CompletableFuture<Integer> reading = background(() -> near.input().read());
        CompletableFuture<Integer> writing = background(() -> near.write(ByteBuffer.allocate(1 << 20)));
        await().atMost(Net.PATIENCE).until(() -> isWaiting(reading) && isWaiting(writing));

        near.close();

        assertThatThrownBy(reading::get).hasRootCauseInstanceOf(StreamClosedException.class);
        assertThatThrownBy(writing::get).hasRootCauseInstanceOf(StreamClosedException.class);
    }

    @Test
    void the_end_is_told_normally_after_both_have_finished() throws Exception {
        CompletionStage<Void> ended = near.ended();
        near.finish();
        assertThat(ended.toCompletableFuture()).isNotDone();
        far.close();
        assertThat(ended.toCompletableFuture()).succeedsWithin(Net.PATIENCE);
        assertThat(near.ended().toCompletableFuture()).succeedsWithin(Net.PATIENCE);
        assertThat(far.ended().toCompletableFuture()).succeedsWithin(Net.PATIENCE);
    }

    @Test
    void a_reset_is_told_to_both_ends_with_its_code_off_the_event_loop() throws Exception {
        CompletableFuture<Thread> where = new CompletableFuture<>();
        CompletableFuture<Integer> code = far.ended().toCompletableFuture().handle((done, failure) -> {
            where.complete(Thread.currentThread());
            return number(failure);
        });
        near.reset(0x777);
        assertThat(code.get()).isEqualTo(0x777);
        assertThat(where.get().getName()).doesNotContain("net-");
        assertThat(near.ended().toCompletableFuture())
                .failsWithin(Net.PATIENCE)
                .withThrowableThat()
                .withRootCauseInstanceOf(StreamResetException.class);
        assertThatThrownBy(() -> near.input().read()).hasMessageContaining("by this end");
        assertThatThrownBy(() -> far.output().write(1)).isInstanceOf(StreamResetException.class);
    }

    /** Repeated, for the second service is offered while the link is being lost: before the relay has answered, or after. */
    @RepeatedTest(20)
    void a_lost_link_and_a_closed_node_are_told_too() throws Exception {
        CompletableFuture<Integer> lost = far.ended().toCompletableFuture().handle((done, failure) -> number(failure));
        relay.close();
        assertThat(lost.get()).isEqualTo(ErrorCode.LINK_LOST.number());

        Stream own = ownStream();
        CompletableFuture<Integer> closed =
                own.ended().toCompletableFuture().handle((done, failure) -> number(failure));
        caller.close();
        assertThat(closed).succeedsWithin(Net.PATIENCE).isNotEqualTo(0);
    }

    @Test
    void what_hangs_on_the_end_may_throw_and_block_without_harm() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        near.ended().whenComplete((done, failure) -> {
            never.join();
        });
        far.ended().whenComplete((done, failure) -> {
            throw new IllegalStateException("on purpose");
        });
        near.reset(0x100);
        try (Stream next = caller.dial("echo");
                Stream accepted = listener.accept()) {
            next.output().write('n');
            assertThat(accepted.input().read()).isEqualTo('n');
        }
        never.complete(null);
    }

    @Test
    void channels_of_the_jdk_read_it_and_write_it() throws Exception {
        Channels.newWriter(near, UTF_8).append("grüß").close();
        assertThat(new BufferedReader(Channels.newReader(far, UTF_8)).readLine())
                .isEqualTo("grüß");
    }

    private Stream ownStream() throws IOException {
        caller.bind("own", stream -> stream.input().read());
        return caller.dial("laptop.own");
    }

    /** Writes until nothing more goes. Returns how much went. */
    private static int fill(Stream stream) throws IOException {
        int written = 0;
        byte[] chunk = new byte[64 * 1024];
        try {
            while (true) {
                stream.output().write(chunk);
                written += chunk.length;
            }
        } catch (SocketTimeoutException e) {
            return written + e.bytesTransferred;
        }
    }

    private static int number(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof StreamResetException reset ? reset.number() : 0;
    }

    private final Map<CompletableFuture<?>, Thread> threads = new ConcurrentHashMap<>();

    private <T> CompletableFuture<T> background(Callable<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(task.call());
            } catch (Exception e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        threads.put(future, thread);
        thread.start();
        return future;
    }

    private boolean isWaiting(CompletableFuture<?> task) {
        Thread.State state = threads.get(task).getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }
}
