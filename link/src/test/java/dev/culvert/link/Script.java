package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Credential;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.SignedHello;
import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.RawPeer;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.policy.IdentityKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.UUID;

/** A peer that is a script, connected to a relay. Owned by the test's thread. */
final class Script {
    private static final int X = 1;
    private static final int CONTROL = 1;
    private static final IdentityKey AGENT = IdentityKey.generate();

    private final SimWorld world;
    final SimRelay relay;
    final RawPeer raw;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    Script(SimWorld world, SimRelay relay) {
        this(world, relay, X);
    }

    /** @param version the byte of its frames: 0 speaks plain yamux */
    Script(SimWorld world, SimRelay relay, int version) {
        this.world = world;
        this.relay = relay;
        SimLink link = relay.connect();
        raw = new RawPeer(world.net, link.dialler(), version);
    }

    Script says(byte... payload) {
        raw.data(Frame.SYN, CONTROL, payload);
        return this;
    }

    Script goesOn(byte... payload) {
        raw.data(0, CONTROL, payload);
        return this;
    }

    /** Lets time pass and reads what came on stream 1. */
    Control hears(long millis) {
        for (Frame frame : raw.drain(Duration.ofMillis(millis))) {
            if (frame.isData() && frame.id() == CONTROL) {
                answer.writeBytes(frame.payload());
            }
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(answer.toByteArray());
        try {
            return new MessageReader<>(Control.parser(), 65_536).read(bytes);
        } catch (ProtocolViolation e) {
            throw new AssertionError(e);
        }
    }

    Refusal refusal() {
        Control heard = hears(1_000);
        assertThat(heard).isNotNull();
        assertThat(raw.closed()).isTrue();
        assertThat(relay.sessions.events).isEmpty();
        assertThat(relay.acceptor.sessions()).isEmpty();
        return heard.getRefusal();
    }

    SignedHello hello(int nonce) {
        byte[] nonceBytes = new byte[32];
        nonceBytes[0] = (byte) nonce;
        Hello hello = Hello.newBuilder()
                .setVersion(1)
                .setNode("edge7")
                .setInstance(InstanceBytes.of(new UUID(3, 4)))
                .setAttempt(1)
                .setCredential(Credential.newBuilder().setJoin("t"))
                .build();
        return new DiallerHandshake(AGENT, relay.key.publicKey(), nonceBytes)
                .hello(hello, world.clock().millis())
                .getHello();
    }

    static byte[] bytes(Control message) {
        ByteBuf encoded = MessageWriter.encode(message, UnpooledByteBufAllocator.DEFAULT);
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        encoded.release();
        return bytes;
    }

    static byte[] bytes(SignedHello hello) {
        return bytes(Control.newBuilder().setHello(hello).build());
    }
}
