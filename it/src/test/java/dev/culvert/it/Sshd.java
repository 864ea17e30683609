package dev.culvert.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** OpenSSH's server on a machine of the lab. As an extension it lets its tests run only where it is installed. */
final class Sshd implements ExecutionCondition {
    static final int PORT = 2222;

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    /** Starts it on loopback with a key of its own; {@code client.key} in the host's home may log in. */
    static Proc start(Host host) {
        host.run("ssh-keygen -q -t ed25519 -N '' -f host.key && ssh-keygen -q -t ed25519 -N '' -f client.key"
                        + " && cp client.key.pub authorized_keys && mkdir -p /run/sshd")
                .orFail();
        String config = """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/host.key
                AuthorizedKeysFile %2$s/authorized_keys
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PasswordAuthentication no
                PidFile none
                MaxStartups 200
                """.formatted(PORT, host.home());
        host.file("sshd.conf", config.getBytes(StandardCharsets.UTF_8));
        Proc sshd = host.start(PROGRAM + " -D -e -f sshd.conf");
        sshd.awaitLine("Server listening");
        return sshd;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Files.isExecutable(PROGRAM)
                ? ConditionEvaluationResult.enabled("sshd is installed")
                : Requirement.unmet("program " + PROGRAM + " is missing (Debian: openssh-server)");
    }
}
