package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.PublicTerms;

/**
 * A service that leads to a local target. <em>Immutable.</em>
 *
 * @param service its name; empty if it has a port only
 * @param port virtual port, unsigned; 0: none
 * @param target where it leads to; never chosen by a caller
 * @param shared other nodes may offer the name too, if they say so as well
 * @param publicPort TCP port at the relay that shall lead to it; 0: any; -1: none
 * @param publicTerms who may call it through the relay's gateway for HTTP without a credential
 * @param options how the target is spoken to
 */
public record ExposedService(
        String service,
        int port,
        Target target,
        boolean shared,
        int publicPort,
        PublicTerms publicTerms,
        TargetOptions options) {
    public ExposedService {
        if (!service.isEmpty()) {
            Address.requireServiceName(service);
        } else if (port == 0) {
            throw new IllegalArgumentException("service without name and port (expected: one of them at least)");
        }
        if (publicPort < -1 || publicPort > 65535) {
            throw new IllegalArgumentException("public port " + publicPort + " (expected: -1 to 65535)");
        }
    }

    public static ExposedService of(String service, Target target) {
        return new ExposedService(service, 0, target, false, -1, PublicTerms.NOBODY, TargetOptions.DEFAULT);
    }

    public ExposedService withPublicPort(int newPublicPort) {
        return new ExposedService(service, port, target, shared, newPublicPort, publicTerms, options);
    }

    public ExposedService withShared(boolean newShared) {
        return new ExposedService(service, port, target, newShared, publicPort, publicTerms, options);
    }

    public ExposedService withPublicTerms(PublicTerms newTerms) {
        return new ExposedService(service, port, target, shared, publicPort, newTerms, options);
    }

    public ExposedService withOptions(TargetOptions newOptions) {
        return new ExposedService(service, port, target, shared, publicPort, publicTerms, newOptions);
    }
}
