package dev.culvert.node;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/** Whether a target is told who calls, ahead of the caller's first byte, and in which form. */
public enum ProxyProtocol {
    /** It is not told. */
    NONE(""),
    /** As a line of text. */
    V1(HexFormat.of().formatHex("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII))),
    /** As binary header. */
    V2("0d0a0d0a000d0a515549540a20000000");

    private final String nobody;

    ProxyProtocol(String hex) {
        this.nobody = hex;
    }

    /** What a connection begins with that has no caller, as that of a check, or one whose address is not known. */
    public byte[] ofNobody() {
        return HexFormat.of().parseHex(nobody);
    }

    /** {@code v1} or {@code v2}; {@code none}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException one line: the value and the expectation */
    public static ProxyProtocol parse(String text) {
        for (ProxyProtocol each : values()) {
            if (each.toString().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("PROXY protocol '" + text + "' (expected: v1 or v2)");
    }
}
