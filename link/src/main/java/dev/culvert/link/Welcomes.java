package dev.culvert.link;

import com.google.protobuf.ByteString;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.SignedWelcome;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.PeerParameters;
import dev.culvert.policy.IdentityKey;

/** Makes the relay's Welcome. <em>Stateless.</em> [LINK-23] */
final class Welcomes {
    private Welcomes() {}

    /** Adds what link knows to what the node has decided. */
    static Welcome complete(Welcome decided, LocalNode relay, PeerParameters own, Proof.Proved proved) {
        return decided.toBuilder()
                .setNode(relay.name())
                .setBootId(InstanceBytes.of(relay.instance()))
                .setSoftware(relay.software())
                .setParameters(PeerLimits.describe(own))
                .setPrincipal(proved.principal().id())
                .setNamespace(proved.scope().namespace())
                .build();
    }

    /** Takes as long as one signature. */
    static Control signed(Welcome welcome, IdentityKey relay, byte[] nonce) {
        ByteString encoded = welcome.toByteString();
        byte[] signature = relay.sign(SignedBytes.welcome(nonce, encoded.toByteArray()));
        SignedWelcome signed = SignedWelcome.newBuilder()
                .setWelcome(encoded)
                .setPublicKey(ByteString.copyFrom(relay.publicKey()))
                .setSignature(ByteString.copyFrom(signature))
                .build();
        return Control.newBuilder().setWelcome(signed).build();
    }
}
