package dev.culvert.gateway;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Certificates of a gateway, each for the names that stand in it. <em>Immutable.</em> */
public final class Certificates {
    static final String HTTP_2 = "h2";
    private static final int DNS_NAME = 2;

    private final Map<String, SslContext> byName;
    private final SslContext first;

    private Certificates(Map<String, SslContext> byName, SslContext first) {
        this.byName = byName;
        this.first = first;
    }

    /**
     * A certificate and its key, as PEM.
     *
     * @param name for errors
     * @param chain the certificate, and those that lead from it to an authority
     * @param key PKCS#8, not encrypted
     */
    public record Pem(String name, byte[] chain, byte[] key) {}

    /** Without certificates of clients. */
    public static Certificates of(List<Pem> pems) throws IOException {
        return of(pems, null);
    }

    /**
     * @param pems at least one; the first serves clients that name no host, or one that no certificate is for
     * @param clientAuthorities PEM of those whose word on clients counts: clients are asked for a certificate, and one that is shown must hold;
     *     null: none is asked for
     * @throws IOException one that cannot be used: its name and why
     */
    public static Certificates of(List<Pem> pems, @Nullable Pem clientAuthorities) throws IOException {
        X509Certificate[] authorities = clientAuthorities == null ? null : authorities(clientAuthorities);
        Map<String, SslContext> byName = new HashMap<>();
        SslContext first = null;
        for (Pem pem : pems) {
            SslContext context = context(pem, authorities);
            first = first == null ? context : first;
            names(pem).forEach(name -> byName.putIfAbsent(name, context));
        }
        if (first == null) {
            throw new IOException("no certificate (expected: NAME.pem and NAME.key)");
        }
        return new Certificates(Map.copyOf(byName), first);
    }

    private static X509Certificate[] authorities(Pem pem) throws IOException {
        try {
            X509Certificate[] all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.chain()))
                    .toArray(X509Certificate[]::new);
            if (all.length > 0) {
                return all;
            }
        } catch (CertificateException | ArrayStoreException e) {
            throw new IOException("authorities of clients " + pem.name() + " cannot be read: " + reason(e), e);
        }
        throw new IOException("authorities of clients " + pem.name() + ": no certificate (expected: PEM)");
    }

    private static SslContext context(Pem pem, X509Certificate @Nullable [] authorities) throws IOException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            new ByteArrayInputStream(pem.chain()), new ByteArrayInputStream(pem.key()))
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            HTTP_2,
                            "http/1.1"));
            return authorities == null
                    ? builder.build()
                    : builder.trustManager(authorities)
                            .clientAuth(ClientAuth.OPTIONAL)
                            .build();
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException("certificate " + pem.name() + " cannot be used: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause();
        return e.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")");
    }

    private static List<String> names(Pem pem) throws IOException {
        try {
            X509Certificate leaf = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem.chain()));
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new IOException("certificate " + pem.name() + ": its names are not understood", e);
        } catch (CertificateException e) {
            throw new IOException("certificate " + pem.name() + " is none: " + e.getMessage(), e);
        }
    }

    /** @param host that the client wants (SNI); null: it did not say */
    SslContext choose(@Nullable String host) {
        if (host == null) {
            return first;
        }
        String lower = host.toLowerCase(Locale.ROOT);
        SslContext exact = byName.get(lower);
        int dot = lower.indexOf('.');
        SslContext wild = exact != null || dot < 0 ? exact : byName.get("*" + lower.substring(dot));
        return wild == null ? first : wild;
    }

    /** The names that stand in them. */
    public Collection<String> names() {
        return byName.keySet();
    }
}
