package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import io.netty.handler.codec.http2.Http2Error;

/** Why a connection to a service has ended without an answer, in the words of a dial. <em>Stateless.</em> */
final class ServiceFault {
    private ServiceFault() {}

    /**
     * What the service says is none of its version.
     *
     * @param version of HTTP
     */
    static CulvertException broken(String what, String version) {
        return new DialException(
                ErrorCode.PROTOCOL,
                "",
                "the service's answer is not understood: " + what,
                "see that the service speaks " + version,
                false);
    }

    /** The service has said so itself, with a code of HTTP/2. */
    static CulvertException told(ErrorCode code, String text, long http2Code) {
        return new DialException(
                code, "", text + " (" + Http2Error.valueOf(http2Code) + ")", "see the service's own log", false);
    }
}
