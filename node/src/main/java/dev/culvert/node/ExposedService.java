package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.Sharing;

/**
 * A service that leads to a local target. <em>Immutable.</em>
 *
 * @param service its name; empty if it has a port only
 * @param port virtual port, unsigned; 0: none
 * @param target where it leads to; never chosen by a caller
 * @param sharing who else may offer the name
 * @param publicPort TCP port at the relay that shall lead to it; 0: any; -1: none
 */
public record ExposedService(String service, int port, Target target, Sharing sharing, int publicPort) {
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
        return new ExposedService(service, 0, target, Sharing.NODES, -1);
    }

    public ExposedService withPublicPort(int newPublicPort) {
        return new ExposedService(service, port, target, sharing, newPublicPort);
    }

    public ExposedService withSharing(Sharing newSharing) {
        return new ExposedService(service, port, target, newSharing, publicPort);
    }
}
