package dev.culvert.link.transport;

import java.util.Arrays;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/** What makes a dialler trust the other end of TLS. <em>Immutable.</em> */
public sealed interface Trust {
    /** The certificate authorities of the JDK, with the host name checked. */
    Trust SYSTEM = new System();

    /** The certificate authorities of the JDK; the certificate must name the host. */
    record System() implements Trust {}

    /** The relay's identity key must have this SHA-256; names do not matter. */
    record Pinned(byte[] pin) implements Trust {
        public Pinned {
            if (pin.length != 32) {
                throw new IllegalArgumentException("pin of " + pin.length + " bytes (expected: 32, a SHA-256)");
            }
            pin = pin.clone();
        }

        @Override
        public byte[] pin() {
            return pin.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Pinned that && Arrays.equals(pin, that.pin);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(pin);
        }

        @Override
        public String toString() {
            return "Pinned[" + HexFormat.of().formatHex(pin, 0, 8) + "...]";
        }
    }

    /** A trust manager of the embedder, for example for an own certificate authority; the certificate must name the host. */
    record Custom(X509TrustManager manager) implements Trust {}

    /** An embedder's own TLS, client certificates included; the JDK's engine; the certificate must name the host. */
    record Context(SSLContext context) implements Trust {}

    static Trust pinned(byte[] pin) {
        return new Pinned(pin);
    }
}
