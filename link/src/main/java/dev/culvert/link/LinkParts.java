package dev.culvert.link;

import com.google.protobuf.ByteString;
import dev.culvert.link.proto.Credential;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Registration;
import java.util.List;
import java.util.function.Supplier;

/** What the links of one set share. <em>Immutable.</em> Any thread. */
record LinkParts(
        LinkOptions options,
        Supplier<List<Registration>> offers,
        SessionEvents events,
        LinkListener listener,
        LinkContext context) {
    private static final int NONCE_BYTES = 32;

    byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        context.random().nextBytes(nonce);
        return nonce;
    }

    /**
     * Complete but for the parameters of the session.
     *
     * @param leaving attempts of older sessions to the same relay that are let end
     */
    Hello hello(long attempt, List<Long> leaving) {
        LocalNode node = options.node();
        return Hello.newBuilder()
                .setVersion(HelloCheck.VERSION)
                .setNode(node.name())
                .setInstance(InstanceBytes.of(node.instance()))
                .setAttempt(attempt)
                .setNamespace(options.credentials().namespace())
                .setRole(node.role())
                .addAllServices(offers.get())
                .setSoftware(node.software())
                .setCredential(credential(options.credentials()))
                .addAllLeaving(leaving)
                .setIdentity(options.identity().id())
                .setIdentityToken(ByteString.copyFrom(options.identity().token()))
                .build();
    }

    private static Credential credential(Credentials credentials) {
        Credential.Builder credential = Credential.newBuilder();
        if (credentials.join() != null) {
            credential.setJoin(credentials.join());
        }
        if (credentials.bearer() != null) {
            credential.setBearer(credentials.bearer());
        }
        byte[] ticket = credentials.ticket();
        if (ticket != null) {
            credential.setTicket(ByteString.copyFrom(ticket));
        }
        return credential.build();
    }
}
