package io.github.raspberryspy.sink.http;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One route.
 *
 * @param method of HTTP
 * @param path with parameters in braces
 * @param access who may use it
 * @param handler answers
 */
record Route(HandlerType method, String path, Access access, Handler handler) {}
