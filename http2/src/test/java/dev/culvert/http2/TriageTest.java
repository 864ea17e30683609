package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection on virtual time; the findings wait, as on another loop, until a test lets them be sorted. */
final class TriageTest {
    private static final String PREFACE = new String(FirstBytes.PREFACE, StandardCharsets.ISO_8859_1);

    private final EmbeddedChannel raw = new EmbeddedChannel();
    private final List<String> found = new ArrayList<>();
    private final Deque<Triage> unsorted = new ArrayDeque<>();

    @AfterEach
    void close() {
        raw.finishAndReleaseAll();
    }

    /** Writes down what is found. */
    private final class Notes implements Triage.Findings {
        @Override
        public void onClient(Triage triage, Peer peer) {
            found.add("client");
            unsorted.add(triage);
        }

        @Override
        public void onReversed(Triage triage, Peer peer) {
            found.add("reversed " + peer.name());
            unsorted.add(triage);
        }

        @Override
        public void onGone(Connection connection) {
            found.add("gone");
        }
    }

    private Triage begin(PrefaceOptions options) {
        Triage triage = new Triage(raw, options, new FirstBytes(options.bareNames()), new Notes());
        triage.begin();
        return triage;
    }

    private void pass(long millis) {
        raw.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        raw.runScheduledPendingTasks();
    }

    private void say(String text) {
        raw.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private boolean claim(Triage triage) {
        return triage.connection().claim(raw.eventLoop()).getNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVERSE edge7\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"})
    void who_speaks_while_a_claim_is_on_its_way_is_not_what_the_claim_is_for_and_is_taken_once(String words) {
        Triage triage = begin(PrefaceOptions.DEFAULT);
        pass(200);
        unsorted.remove().onSorted();

        say(words);
        assertThat(claim(triage)).as("asked for the silent one").isFalse();
        unsorted.remove().onSorted();

        assertThat(claim(triage)).as("asked for what it is").isTrue();
        assertThat(claim(triage)).as("asked once more").isFalse();
        assertThat(found).containsExactly("reversed ", words.equals(PREFACE) ? "client" : "reversed edge7");
    }

    @Test
    void who_speaks_before_its_silence_is_sorted_is_not_taken_for_silent() {
        Triage triage = begin(PrefaceOptions.DEFAULT);
        pass(200);
        say(PREFACE);

        unsorted.remove().onSorted();
        assertThat(claim(triage)).as("asked for the silent one").isFalse();
        unsorted.remove().onSorted();
        assertThat(claim(triage)).isTrue();
    }

    @Test
    void a_silent_one_is_taken_once() {
        Triage triage = begin(PrefaceOptions.DEFAULT);
        pass(200);
        unsorted.remove().onSorted();

        assertThat(claim(triage)).isTrue();
        assertThat(claim(triage)).isFalse();
        say(PREFACE);
        assertThat(found).as("what it says belongs to who took it").containsExactly("reversed ");
    }
}
