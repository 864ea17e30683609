package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.StreamReply;
import org.junit.jupiter.api.Test;

/** Texts of refusals, whoever wrote them. */
class RefusedTest {
    @Test
    void what_another_node_says_cannot_write_on_a_terminal_or_into_a_log() {
        StreamReply reply = StreamReply.newBuilder()
                .setCode(ErrorCode.TARGET_REFUSED.number())
                .setText("down\u001b[2J\u202e\r\nINFO all is well")
                .setHop("edge7\u001b]0;x\u0007")
                .build();
        assertThat(Refused.of(reply, "relay1").toException().getMessage())
                .isEqualTo(
                        "TARGET_REFUSED at edge7?]0;x?: down?[2J???INFO all is well; start the target, then try again");
    }

    @Test
    void a_reply_keeps_to_its_limit_whatever_was_asked_for() {
        Refused refused =
                Refused.here("relay1", ErrorCode.UNKNOWN_SERVICE, "nobody offers '" + "漢".repeat(4_000) + "'");
        assertThat(refused.toReply().getSerializedSize()).isLessThanOrEqualTo(Call.MAX_REPLY_BYTES);
    }
}
