package io.github.raspberryspy.sink;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a master and a PostgreSQL server on this machine. When told to, it lets the COMMIT
 * of the next transaction through that says something, waits until the server has answered it, and
 * breaks the connection in place of passing the answer on. Thread-safe.
 */
final class LostAnswers implements AutoCloseable {

  private static final String COMMIT = "COMMIT";

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicReference<String> wanted = new AtomicReference<>("");
  private final AtomicInteger lost = new AtomicInteger();

  LostAnswers(int target) throws IOException {
    this.target = target;
    thread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** The answer to the COMMIT of the next transaction is lost in which this is said. */
  void loseNext(String sql) {
    wanted.set(sql);
  }

  /** How many were. */
  int lost() {
    return lost.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(LostAnswers::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(there);
        AtomicBoolean isCommitting = new AtomicBoolean();
        thread(() -> up(client, there, isCommitting));
        thread(() -> down(there, client, isCommitting));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void up(Socket client, Socket there, AtomicBoolean isCommitting) {
    byte[] piece = new byte[64 << 10];
    String said = "";
    try {
      InputStream in = client.getInputStream();
      OutputStream out = there.getOutputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        said += new String(piece, 0, n, ISO_8859_1);
        if (said.contains(COMMIT)) {
          String sql = wanted.get();
          boolean isIt = !sql.isEmpty() && said.contains(sql);
          isCommitting.set(isIt && wanted.compareAndSet(sql, ""));
          said = "";
        }
        out.write(piece, 0, n);
      }
    } catch (IOException e) {
      // one of them is gone, and so is the other below
    } finally {
      close(client);
      close(there);
    }
  }

  private void down(Socket there, Socket client, AtomicBoolean isCommitting) {
    byte[] piece = new byte[64 << 10];
    try {
      InputStream in = there.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (isCommitting.get()) {
          lost.incrementAndGet();
          return;
        }
        out.write(piece, 0, n);
      }
    } catch (IOException e) {
      // likewise
    } finally {
      close(client);
      close(there);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that does not close", e);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "lost-answers");
    thread.setDaemon(true);
    thread.start();
  }
}
