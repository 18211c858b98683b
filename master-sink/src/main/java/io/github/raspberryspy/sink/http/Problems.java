package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.auth.AuthException;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.store.StoreException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what goes wrong into {@code application/problem+json}. Source: RFC 9457. */
final class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final String RETRY_SECONDS = "5";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Problems() {}

  static void install(RoutesConfig routes) {
    routes.exception(HttpResponseException.class, Problems::unmatched);
    routes.exception(Exception.class, Problems::say);
  }

  private static void say(Exception e, Context ctx) {
    if (e instanceof Problem problem) {
      write(ctx, problem.status(), problem.getMessage());
    } else if (e instanceof StoreException store) {
      refused(store, ctx);
    } else if (e instanceof AuthException auth) {
      refused(auth, ctx);
    } else if (e instanceof IndexUnavailableException index) {
      unavailable(index, ctx);
    } else {
      unexpected(e, ctx);
    }
  }

  /** Answers now, while more of the request's body may come. */
  static void answer(Exception e, Context ctx) throws IOException {
    say(e, ctx);
    byte[] body = String.valueOf(ctx.result()).getBytes(StandardCharsets.UTF_8);
    ctx.result("");
    ctx.res().setContentLength(body.length);
    ctx.res().getOutputStream().write(body);
    ctx.res().flushBuffer();
  }

  /** For the log, where what a link holds must not stand. */
  private static String path(Context ctx) {
    return ctx.path().replaceFirst("^/shared/[^/]+", "/shared/…");
  }

  static void write(Context ctx, int status, String detail) {
    ctx.status(status).result(json(status, detail)).contentType("application/problem+json");
  }

  /** The body. */
  static String json(int status, String detail) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("type", "about:blank")
            .put("title", title(status))
            .put("status", status)
            .put("detail", detail);
    return node.toString();
  }

  private static String title(int status) {
    return status == Tus.CHECKSUM_MISMATCH
        ? "Checksum Mismatch"
        : HttpStatus.forStatus(status).getMessage();
  }

  private static void refused(StoreException e, Context ctx) {
    if (e.offset() >= 0) {
      ctx.header(Tus.OFFSET, Long.toString(e.offset()));
    }
    if (e.kind() == StoreException.Kind.AWAY) {
      ctx.header("Retry-After", RETRY_SECONDS);
    }
    if (e.kind() == StoreException.Kind.IO) {
      log.error("{} {} failed", ctx.method().name(), path(ctx), e);
    }
    write(ctx, status(e.kind()), e.getMessage());
  }

  private static void refused(AuthException e, Context ctx) {
    if (!e.pause().isZero()) {
      ctx.header("Retry-After", Long.toString(e.pause().toSeconds() + 1));
    }
    int status =
        switch (e.kind()) {
          case INVALID -> 400;
          case WRONG -> 401;
          case NOT_FOUND -> 404;
          case GONE -> 410;
          case CONFLICT -> 409;
          case TOO_MANY -> 429;
          case BUSY -> 503;
        };
    write(ctx, status, e.getMessage());
  }

  private static int status(StoreException.Kind kind) {
    return switch (kind) {
      case NOT_FOUND -> 404;
      case FORBIDDEN -> 403;
      case INVALID -> 400;
      case WRONG_OFFSET, CONFLICT -> 409;
      case TOO_LARGE -> 413;
      case CORRUPT, UNPLAYABLE -> 422;
      case BUSY -> 423;
      case TOO_MANY -> 429;
      case FULL -> 507;
      case CLOSING, AWAY -> 503;
      case IO -> 500;
    };
  }

  /** Nothing was half done, and no receipt was given: whoever asked asks again. */
  private static void unavailable(IndexUnavailableException e, Context ctx) {
    log.warn("{} {} is to be asked again: {}", ctx.method().name(), path(ctx), e.getMessage());
    ctx.header("Retry-After", RETRY_SECONDS);
    write(ctx, 503, "the master's database cannot be reached now; ask again");
  }

  private static void unmatched(HttpResponseException e, Context ctx) {
    String detail =
        switch (e.getStatus()) {
          case 404 -> "there is nothing at this address";
          case 405 -> "this address does not take " + ctx.method().name();
          default -> e.getMessage();
        };
    write(ctx, e.getStatus(), detail);
  }

  private static void unexpected(Exception e, Context ctx) {
    if (isCut(e)) {
      log.debug("{} {} was cut: {}", ctx.method().name(), path(ctx), e.getMessage());
      write(ctx, 400, "the request ended before its body did");
      return;
    }
    if (isFull(e)) {
      log.warn("{} {} failed: {}", ctx.method().name(), path(ctx), e.getMessage());
      write(ctx, 507, "the master's disk is full");
      return;
    }
    log.error("{} {} failed", ctx.method().name(), path(ctx), e);
    write(ctx, 500, "the master failed at this; its log says why");
  }

  /** Java has no exception of its own for it. Source: errno(3), ENOSPC as glibc words it. */
  private static boolean isFull(Exception e) {
    return e instanceof IOException && String.valueOf(e.getMessage()).contains("No space left");
  }

  /** The client hung up, or a newer request of its own ended this one. */
  private static boolean isCut(Exception e) {
    return e instanceof EofException
        || e instanceof ClosedChannelException
        || (e instanceof IOException && e.getCause() != null);
  }
}
