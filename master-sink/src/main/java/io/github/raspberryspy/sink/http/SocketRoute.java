package io.github.raspberryspy.sink.http;

import io.javalin.websocket.WsConfig;
import java.util.function.Consumer;

/**
 * One WebSocket.
 *
 * @param path with parameters in braces
 * @param access who may open it
 * @param handler of its messages
 */
record SocketRoute(String path, Access access, Consumer<WsConfig> handler) {}
