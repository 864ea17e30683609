package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

    /** Shakes hands with a port that asks for certificates; returns the far end, which has none. */
    private EmbeddedChannel beginWithTlsAndNoCertificate() throws Exception {
        X509Bundle cloud = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=cloud.example")
                .addSanDnsName("cloud.example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SslContext near = SslContextBuilder.forServer(cloud.getKeyPair().getPrivate(), cloud.getCertificatePath())
                .sslProvider(SslProvider.JDK)
                .trustManager(cloud.getCertificate())
                .clientAuth(ClientAuth.OPTIONAL)
                .build();
        SslHandler far = SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(cloud.getCertificate())
                .build()
                .newHandler(raw.alloc(), "cloud.example", 443);
        begin(PrefaceOptions.DEFAULT.withTls(PrefaceTls.provingIdentities(near)));
        EmbeddedChannel end = new EmbeddedChannel(far);
        exchange(end);
        assertThat(far.handshakeFuture().isSuccess()).isTrue();
        return end;
    }

    /** Carries what both ends sent, until neither has more. */
    private void exchange(EmbeddedChannel far) {
        boolean more = true;
        while (more) {
            more = carry(far, raw) | carry(raw, far);
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        ByteBuf next = from.readOutbound();
        if (next != null) {
            to.writeInbound(next);
        }
        return next != null;
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
    void without_a_certificate_the_silent_can_only_be_clients_and_are_waited_for() throws Exception {
        EmbeddedChannel far = beginWithTlsAndNoCertificate();
        pass(400);

        assertThat(raw.isActive()).isTrue();
        assertThat(found).isEmpty();
        far.writeOutbound(Unpooled.copiedBuffer(PREFACE, StandardCharsets.ISO_8859_1));
        exchange(far);
        assertThat(found).containsExactly("client");
        far.finishAndReleaseAll();
    }

    @Test
    void without_a_certificate_the_silent_are_not_waited_for_without_end() throws Exception {
        EmbeddedChannel far = beginWithTlsAndNoCertificate();
        pass(10_000);

        assertThat(found).containsExactly("gone");
        far.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"})
    void a_client_that_ends_its_side_before_it_is_accepted_is_heard_and_answered(String words) {
        Triage triage = begin(PrefaceOptions.DEFAULT);
        say(words);
        endInput();
        unsorted.remove().onSorted();

        assertThat(claim(triage)).isTrue();
        Face face = new Face();
        triage.connection().join(face);
        triage.connection().read();
        triage.connection().read();
        assertThat(face.heard).containsExactly(words, "end of input");

        ByteBuf answer = Unpooled.copiedBuffer("answer", StandardCharsets.ISO_8859_1);
        triage.connection().write(List.of(answer), failure -> face.heard.add("written: " + failure));
        assertThat(raw.<ByteBuf>readOutbound()).isSameAs(answer);
        assertThat(face.heard).endsWith("written: null");
        answer.release();
    }

    @Test
    void who_ends_its_side_is_kept_if_taken_and_else_is_forgotten_unless_it_is_a_client() {
        Triage silent = begin(PrefaceOptions.DEFAULT);
        pass(200);
        unsorted.remove().onSorted();
        assertThat(claim(silent)).isTrue();
        endInput();
        assertThat(raw.isActive()).isTrue();

        EmbeddedChannel other = new EmbeddedChannel();
        new Triage(other, PrefaceOptions.DEFAULT, new FirstBytes(Set.of()), new Notes()).begin();
        other.writeInbound(Unpooled.copiedBuffer("REVERSE edge7\n", StandardCharsets.ISO_8859_1));
        other.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(other.isActive()).isFalse();
        assertThat(found).containsExactly("reversed ", "reversed edge7", "gone");
    }

    private void endInput() {
        raw.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    /** Writes down what it hears. */
    private static final class Face implements Connection.Sink {
        final List<String> heard = new ArrayList<>();

        @Override
        public void onRead(List<ByteBuf> bytes) {
            for (ByteBuf each : bytes) {
                heard.add(each.toString(StandardCharsets.ISO_8859_1));
                each.release();
            }
        }

        @Override
        public void onInputEnded() {
            heard.add("end of input");
        }

        @Override
        public void onClosed(@Nullable Throwable failure) {
            heard.add("closed");
        }
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
