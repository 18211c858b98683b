package io.github.raspberryspy.upload;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/**
 * A part of a file as the body of a request, read as the socket takes it. In large pieces: the
 * JDK's own publishers hand over 16 KiB at a time, and then most of an upload's cost is system
 * calls.
 */
final class FileBody implements BodyPublisher {

  private static final int PIECE_BYTES = 128 << 10;

  private final TusUpload.Source source;
  private final long from;
  private final long length;
  private final Runnable handedOut;

  /**
   * Borrows the source until the request is answered or broken off.
   *
   * @param handedOut is called when the client has all of it, on a thread of the client's
   */
  FileBody(TusUpload.Source source, long from, long length, Runnable handedOut) {
    this.source = source;
    this.from = from;
    this.length = length;
    this.handedOut = handedOut;
  }

  /** Where it begins in the file. */
  long from() {
    return from;
  }

  /** All of it at once: for small ones. */
  ByteBuffer all() throws UploadException {
    return source.piece(from, (int) length);
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Pieces(subscriber));
  }

  /** Hands out what is asked for; the client asks in one thread after the other. */
  private final class Pieces implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private long asked;
    private long sent;
    private boolean isHandingOut;
    private volatile boolean isOver; // set by whoever cancels

    Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      asked = n > Long.MAX_VALUE - asked ? Long.MAX_VALUE : asked + n; // without a bound, twice
      if (isHandingOut) {
        return; // asked from within onNext: the loop there goes on
      }
      isHandingOut = true;
      try {
        while (asked > 0 && sent < length && !isOver) {
          ByteBuffer piece = source.piece(from + sent, (int) Math.min(PIECE_BYTES, length - sent));
          sent += piece.remaining();
          asked--;
          subscriber.onNext(piece);
        }
        if (sent == length && !isOver) {
          isOver = true;
          handedOut.run();
          subscriber.onComplete();
        }
      } catch (UploadException | RuntimeException | Error e) { // or the request hangs
        isOver = true;
        subscriber.onError(e);
      } finally {
        isHandingOut = false;
      }
    }

    @Override
    public void cancel() {
      isOver = true;
    }
  }
}
