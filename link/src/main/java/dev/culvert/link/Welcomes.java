package dev.culvert.link;

import com.google.protobuf.ByteString;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Parameters;
import dev.culvert.link.proto.SignedWelcome;
import dev.culvert.link.proto.Welcome;

/** Makes the relay's Welcome. <em>Stateless.</em> [LINK-23] */
final class Welcomes {
    private Welcomes() {}

    /** Adds what link knows to what the node has decided. */
    static Welcome complete(Welcome decided, Parameters parameters, AcceptorOptions relay, Proof.Proved proved) {
        return decided.toBuilder()
                .setNode(relay.node().name())
                .setBootId(InstanceBytes.of(relay.node().instance()))
                .setSoftware(relay.node().software())
                .setParameters(parameters)
                .setPrincipal(proved.principal().id())
                .setNamespace(proved.scope().namespace())
                .build();
    }

    /** Takes as long as one signature. */
    static Control signed(Welcome welcome, AcceptorOptions relay, byte[] nonce) {
        ByteString encoded = welcome.toByteString();
        byte[] signature = relay.key().sign(SignedBytes.welcome(nonce, encoded.toByteArray()));
        SignedWelcome signed = SignedWelcome.newBuilder()
                .setWelcome(encoded)
                .setPublicKey(ByteString.copyFrom(relay.key().publicKey()))
                .setSignature(ByteString.copyFrom(signature))
                .build();
        return Control.newBuilder().setWelcome(signed).build();
    }
}
