package dev.culvert.netty;

import dev.culvert.api.BindOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of a {@link CulvertServerChannel}. Any thread. */
final class ServiceConfig extends DefaultChannelConfig {
    private final SocketOptions unused = new SocketOptions();
    private volatile BindOptions bind = BindOptions.DEFAULT;

    ServiceConfig(Channel channel) {
        super(channel);
    }

    /** How to offer. */
    BindOptions bindOptions() {
        return bind;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        Map<ChannelOption<?>, Object> options =
                getOptions(super.getOptions(), ChannelOption.SO_BACKLOG, CulvertOption.BIND);
        return getOptions(options, SocketOptions.known());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T getOption(ChannelOption<T> option) {
        if (option == ChannelOption.SO_BACKLOG) {
            return (T) Integer.valueOf(bind.backlog());
        }
        if (option == CulvertOption.BIND) {
            return (T) bind;
        }
        T remembered = unused.get(option);
        return remembered == null ? super.getOption(option) : remembered;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ChannelOption.SO_BACKLOG) {
            bind = bind.withBacklog((Integer) value);
        } else if (option == CulvertOption.BIND) {
            bind = (BindOptions) value;
        } else {
            return unused.set(option, value) || super.setOption(option, value);
        }
        return true;
    }
}
