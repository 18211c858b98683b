package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** An HTTP server that takes alerts, and fails on cue. */
final class Receiver implements AutoCloseable {

  final AtomicLong refused = new AtomicLong();

  /** What it does with a request. */
  enum Mood {
    TAKES,
    REFUSES,
    IS_SLOW,
    CUTS,
    LEADS_ELSEWHERE
  }

  /** One request. */
  record Got(String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.get(name).get(0);
    }

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(body);
    }
  }

  final List<Got> taken = new CopyOnWriteArrayList<>();
  final List<Got> asked = new CopyOnWriteArrayList<>();
  volatile Mood mood = Mood.TAKES;
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  Receiver() throws IOException {
    this(0);
  }

  Receiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    Got got =
        new Got(
            exchange.getRequestURI().getPath(),
            Map.copyOf(exchange.getRequestHeaders()),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    asked.add(got);
    switch (mood) {
      case TAKES -> {
        taken.add(got);
        exchange.sendResponseHeaders(200, -1);
      }
      case REFUSES -> {
        exchange.sendResponseHeaders(500, -1);
        refused.incrementAndGet();
      }
      case IS_SLOW -> await();
      case CUTS -> {
        exchange.sendResponseHeaders(200, 100);
        exchange.getResponseBody().write(new byte[10]);
        exchange.getResponseBody().flush();
      }
      case LEADS_ELSEWHERE -> {
        exchange.getResponseHeaders().add("Location", url("/elsewhere").toString());
        exchange.sendResponseHeaders(307, -1);
      }
    }
    exchange.close();
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
