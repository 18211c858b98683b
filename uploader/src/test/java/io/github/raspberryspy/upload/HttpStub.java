package io.github.raspberryspy.upload;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/** A server of HTTP/1.1 on raw sockets, which can be cut, stalled and restarted at will. */
final class HttpStub implements Closeable {

  /** Serves one request; the connection lives on if it returns true. */
  interface Handler {
    boolean serve(Request request, OutputStream out) throws IOException;
  }

  /** The head of a request, and the stream with its body. */
  record Request(String method, String path, Map<String, String> headers, InputStream in) {
    int length() {
      return Integer.parseInt(headers.getOrDefault("content-length", "0"));
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Reads the body, or what of it comes within so many bytes. */
    byte[] body(int most) throws IOException {
      return in.readNBytes(Math.min(most, length()));
    }
  }

  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile ServerSocket server;
  private volatile int port;

  HttpStub(Handler handler) throws IOException {
    this.handler = handler;
    start();
  }

  /** Listens again, where it listened before. */
  void start() throws IOException {
    // the closed socket keeps the port until the thread that accepts has noticed
    ServerSocket s =
        Awaitility.await().ignoreException(BindException.class).until(this::bind, x -> true);
    port = s.getLocalPort();
    server = s;
    daemon(() -> accept(s));
  }

  private ServerSocket bind() throws IOException {
    ServerSocket s = new ServerSocket();
    s.setReuseAddress(true);
    try {
      s.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      s.close();
      throw e;
    }
    return s;
  }

  /** Stops listening, and cuts every connection. */
  @Override
  public void close() throws IOException {
    server.close();
    cutAll();
  }

  void cutAll() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  static boolean answer(OutputStream out, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
    headers.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    if (status != 204 && !headers.containsKey("Content-Length")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
    return true;
  }

  private void accept(ServerSocket s) {
    while (!s.isClosed()) {
      try {
        Socket socket = s.accept();
        open.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new java.io.BufferedInputStream(socket.getInputStream());
      Request request = read(in);
      while (request != null && handler.serve(request, socket.getOutputStream())) {
        request = read(in);
      }
    } catch (IOException e) {
      return; // cut, by either side
    } finally {
      open.remove(socket);
    }
  }

  private static Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String l = line(in); l != null && !l.isEmpty(); l = line(in)) {
      int colon = l.indexOf(':');
      headers.put(l.substring(0, colon).toLowerCase(Locale.ROOT), l.substring(colon + 1).strip());
    }
    int space = first.indexOf(' ');
    return new Request(
        first.substring(0, space), first.substring(space + 1, first.lastIndexOf(' ')), headers, in);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "stub");
    thread.setDaemon(true);
    thread.start();
  }
}
