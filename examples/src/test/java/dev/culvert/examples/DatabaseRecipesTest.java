package dev.culvert.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.culvert.api.DialException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** Runs the recipes for databases. */
@Timeout(120)
final class DatabaseRecipesTest {
    @TempDir
    Path state;

    private Behind behind;

    @BeforeEach
    void start() throws IOException {
        behind = new Behind(state);
    }

    @AfterEach
    void close() {
        behind.close();
    }

    @Test
    void jedis_uses_a_redis_behind_an_agent() throws IOException {
        try (RedisForTest server = RedisForTest.start()) {
            behind.expose("redis", server.target());
            String big = "x".repeat(1 << 20);
            try (RedisClient redis = JedisByName.client(behind.caller, "redis");
                    RedisClient nobody = JedisByName.client(behind.caller, "nobody")) {
                assertThat(redis.set("greeting", "hello")).isEqualTo("OK");
                assertThat(redis.get("greeting")).isEqualTo("hello");
                redis.set("big", big);
                assertThat(redis.get("big")).hasSize(big.length());
                assertThatThrownBy(() -> nobody.get("greeting")).hasRootCauseInstanceOf(DialException.class);
            }
        }
    }

    @Test
    void jdbc_asks_a_postgresql_behind_an_agent() throws Exception {
        try (EmbeddedPostgres server = postgres()) {
            behind.expose("db", "127.0.0.1:" + server.getPort());
            try (Connection connection = PostgresByName.connect(behind.caller, "db", "postgres", "postgres")) {
                assertThat(PostgresByName.ask(connection, "select 6 * 7")).isEqualTo("42");
                assertThat(PostgresByName.ask(connection, "select repeat('x', 1000000)"))
                        .hasSize(1_000_000);
            }
            assertThatThrownBy(() -> PostgresByName.connect(behind.caller, "nobody", "postgres", "postgres"))
                    .isInstanceOf(SQLException.class)
                    .hasCauseInstanceOf(UnknownHostException.class);
        }
    }

    /** PostgreSQL refuses to run as root; where it can, the library gives it another user by a namespace of its own. */
    private static EmbeddedPostgres postgres() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException | IllegalStateException e) {
            return abort("PostgreSQL does not start on this machine: " + e.getMessage());
        }
    }
}
