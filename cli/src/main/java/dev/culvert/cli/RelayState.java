package dev.culvert.cli;

import dev.culvert.policy.FileFault;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.Invites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;

/**
 * What a relay keeps in its state directory: its identity key, its invites, and the addresses that join strings carry. Any thread.
 *
 * @param folder {@code relay} in the state directory
 */
record RelayState(Path folder, IdentityKey identity, Invites invites) {
    /** @param issuers public keys of other issuers whose join strings are taken too */
    static RelayState open(Surroundings surroundings, Collection<byte[]> issuers) throws Failure {
        return open(StateDirectory.of(surroundings).relay(), surroundings.clock(), issuers);
    }

    static RelayState open(Path folder, Clock clock, Collection<byte[]> issuers) throws Failure {
        try {
            StateDirectory.makeForOwner(folder);
            return new RelayState(
                    folder,
                    IdentityKey.loadOrCreate(folder.resolve("identity.key")),
                    Invites.open(folder, issuers, clock, new SecureRandom()));
        } catch (IOException e) {
            throw Failure.usage("relay state " + folder + ": " + FileFault.text(e));
        }
    }

    Path certificate() {
        return folder.resolve("certificate.pem");
    }

    /** Keeps where links reach the relay, for {@code culvert invite}. */
    void keepAddresses(List<String> addresses) throws Failure {
        Path next = folder.resolve("addresses.new");
        try {
            Files.write(next, addresses, StandardCharsets.UTF_8);
            Files.move(next, addressFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.usage("relay state " + next + ": cannot be written (" + FileFault.text(e) + ")");
        }
    }

    /** Where links reach the relay, as it said at its last start; empty before the first. */
    List<String> addresses() throws Failure {
        try {
            return Files.exists(addressFile()) ? Files.readAllLines(addressFile(), StandardCharsets.UTF_8) : List.of();
        } catch (IOException e) {
            throw Failure.usage("relay state " + addressFile() + ": cannot be read (" + FileFault.text(e) + ")");
        }
    }

    private Path addressFile() {
        return folder.resolve("addresses");
    }
}
