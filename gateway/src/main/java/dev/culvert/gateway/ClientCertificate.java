package dev.culvert.gateway;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The certificate whose key a client has proved to hold, signed by an authority that counts here. <em>Immutable.</em>
 *
 * @param names that stand in it: alternative names (mail, DNS, URI) in their order, else the common name; printable, without spaces
 * @param untilMillis when it ends
 * @param field what {@code Client-Cert} says of it. RFC 9440, 2.2
 */
record ClientCertificate(List<String> names, long untilMillis, String field) {
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final int MAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;

    /** Of a connection whose handshake is over, a resumed one among them; null: the client showed none. */
    static @Nullable ClientCertificate of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        try {
            Certificate[] chain =
                    tls == null ? new Certificate[0] : tls.engine().getSession().getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? of(leaf) : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    static ClientCertificate of(X509Certificate leaf) {
        try {
            String der = Base64.getEncoder().encodeToString(leaf.getEncoded());
            return new ClientCertificate(
                    names(leaf), leaf.getNotAfter().toInstant().toEpochMilli(), ":" + der + ":");
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that is verified and has no encoding", e);
        }
    }

    private static List<String> names(X509Certificate leaf) {
        Set<String> names = new LinkedHashSet<>();
        for (List<?> name : alternatives(leaf)) {
            String text = String.valueOf(name.get(1));
            int type = (Integer) name.get(0);
            if (type == DNS) {
                names.add(text.toLowerCase(Locale.ROOT));
            } else if (type == MAIL || type == URI) {
                names.add(text);
            }
        }
        if (names.isEmpty()) {
            names.addAll(commonName(leaf.getSubjectX500Principal()));
        }
        return names.stream().filter(name -> PLAIN.matcher(name).matches()).toList();
    }

    /** Alternative names that cannot be read are no names. */
    private static Collection<List<?>> alternatives(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of(List.of(0, ""));
        }
    }

    private static List<String> commonName(X500Principal subject) {
        try {
            List<String> names = new ArrayList<>(1);
            for (Rdn part : new LdapName(subject.getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
            return names.size() == 1 ? names : List.of();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
