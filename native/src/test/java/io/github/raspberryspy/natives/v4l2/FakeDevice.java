package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A device that is not there, behind the functions of the C library: it writes down every call and
 * fails one on cue. What it answers is its heirs' business. Thread-safe.
 */
abstract class FakeDevice implements LibC {

  private final Map<String, ArrayDeque<Integer>> failures = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private int error;
  private int open;

  /** Fails a call, a function's or a request's name, the next times it is made; 0 lets one pass. */
  final synchronized void failNext(String call, int... errors) {
    ArrayDeque<Integer> queue = failures.computeIfAbsent(call, c -> new ArrayDeque<>());
    for (int number : errors) {
      queue.add(number);
    }
  }

  /** How many descriptors are open. */
  public final synchronized int descriptors() {
    return open;
  }

  /** Every call since the beginning, by name. */
  public final synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** What a device says to a request: 0, or -1 by {@link #refuse}. */
  abstract int answer(Request request, Pointer argument);

  /** The descriptor is closed. */
  void closed(int fd) {}

  /** Writes a call down. Returns whether it goes well. */
  final boolean run(String call) {
    calls.add(call);
    ArrayDeque<Integer> queue = failures.getOrDefault(call, new ArrayDeque<>());
    int number = queue.isEmpty() ? 0 : queue.remove();
    error = number;
    return number == 0;
  }

  final int refuse(Errno reason) {
    error = reason.number();
    return -1;
  }

  final int opened(int fd) {
    open++;
    return fd;
  }

  @Override
  public synchronized int close(int fd) {
    open--;
    closed(fd);
    return run("close") ? 0 : -1;
  }

  @Override
  public synchronized int ioctl(int fd, long number, Pointer argument) {
    for (Request request : Request.values()) {
      if (request.number() == number) {
        return run(request.name()) ? answer(request, argument) : -1;
      }
    }
    return refuse(Errno.ENOTTY);
  }

  @Override
  public synchronized int lastError() {
    return error;
  }

  @Override
  public int eventfd(int initial, int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(int fd, Pointer into, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(int fd, Pointer from, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int bind(int fd, Pointer address, int addressBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long sendto(int fd, byte[] b, long length, int flags, Pointer to, int addressBytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long recv(int fd, byte[] into, long length, int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int fcntl(int fd, int command, int argument) {
    throw new UnsupportedOperationException();
  }
}
