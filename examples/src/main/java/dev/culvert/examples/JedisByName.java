package dev.culvert.examples;

import dev.culvert.api.Node;
import java.io.IOException;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * Uses a Redis on a machine that cannot be dialled, with Jedis: {@code CULVERT_JOIN='culvert://...' java ... JedisByName edge7.redis KEY
 * VALUE}. Jedis takes a maker of sockets.
 */
public final class JedisByName {
    private JedisByName() {}

    public static void main(String[] args) throws IOException {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"));
                RedisClient redis = client(node, args[0])) {
            System.out.println(redis.set(args[1], args[2]) + " " + redis.get(args[1]));
        }
    }

    /** Keep one for all commands: it pools connections, here streams. */
    static RedisClient client(Node node, String name) {
        ConnectionFactory connections = ConnectionFactory.builder()
                .socketFactory(() -> {
                    try {
                        return node.socket(name);
                    } catch (IOException e) {
                        throw new JedisConnectionException(e);
                    }
                })
                .clientConfig(DefaultJedisClientConfig.builder().build())
                .build();
        return RedisClient.builder()
                .connectionProvider(new PooledConnectionProvider(connections))
                .build();
    }
}
