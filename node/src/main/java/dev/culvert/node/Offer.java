package dev.culvert.node;

import dev.culvert.api.BindOptions;
import dev.culvert.api.PublicTerms;
import dev.culvert.link.proto.Registration;
import dev.culvert.policy.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that somebody wants to register. <em>Immutable.</em>
 *
 * @param id chosen by who offers it
 * @param service empty if it has a port only
 * @param port virtual port; 0: none
 * @param shared others may offer it too, if they say so as well
 * @param publicPort TCP port at the relay; 0: any; -1: none
 * @param publicTerms who may call it through a relay's gateway without a credential
 * @param httpTerms how a gateway is to speak to it
 */
record Offer(
        int id,
        String service,
        int port,
        boolean shared,
        int publicPort,
        PublicTerms publicTerms,
        HttpTerms httpTerms) {
    Offer(int id, String service, int port, boolean shared, int publicPort) {
        this(id, service, port, shared, publicPort, PublicTerms.NOBODY, HttpTerms.DEFAULT);
    }

    static Offer of(int id, String service, BindOptions options) {
        return new Offer(
                id,
                service,
                options.port(),
                options.shared(),
                options.publicPort(),
                options.gateways().publicTerms(),
                new HttpTerms(
                        options.gateways().hostHeader(), options.gateways().http2(), false, false));
    }

    static Offer of(int id, ExposedService exposed) {
        return new Offer(
                id,
                exposed.service(),
                exposed.port(),
                exposed.shared(),
                exposed.publicPort(),
                exposed.publicTerms(),
                exposed.options().httpTerms(exposed.target()));
    }

    static Offer of(Registration message) {
        int publicPort = message.getAnyPublicPort() ? 0 : message.getPublicPort() == 0 ? -1 : message.getPublicPort();
        return new Offer(
                message.getId(),
                message.getService(),
                message.getPort(),
                message.getShared(),
                publicPort,
                TermsMessage.of(message),
                HttpTerms.of(message.getLabelsMap()));
    }

    Registration toMessage() {
        Registration.Builder message = Registration.newBuilder()
                .setId(id)
                .setService(service)
                .setPort(port)
                .setShared(shared)
                .setPublicPort(Math.max(publicPort, 0))
                .setAnyPublicPort(publicPort == 0)
                .putAllLabels(httpTerms.labels());
        TermsMessage.write(publicTerms, message);
        return message.build();
    }

    /** Why no relay takes it, whoever asks; null: nothing is wrong with it. */
    @Nullable
    String fault() {
        if (service.isEmpty()) {
            return port == 0 ? "a registration without name and port (expected: one of them)" : null;
        }
        String name = Names.serviceFault(service);
        return name == null ? publicTerms.fault() : name;
    }

    /** What it is called on a screen. */
    String label() {
        return service.isEmpty() ? ":" + Integer.toUnsignedString(port) : service;
    }

    /** Under which names it is found in {@code namespace}; {@code node} empty: the bare ones. */
    List<NameKey> keys(String namespace, String node) {
        List<NameKey> keys = new ArrayList<>(2);
        if (!service.isEmpty()) {
            keys.add(new NameKey(namespace, node, service, 0));
        }
        if (port != 0) {
            keys.add(new NameKey(namespace, node, "", port));
        }
        return keys;
    }

    boolean overlaps(Offer other) {
        return !service.isEmpty() && service.equals(other.service) || port != 0 && port == other.port;
    }

    Offer withoutPublicPort() {
        return new Offer(id, service, port, shared, -1, publicTerms, httpTerms);
    }
}
