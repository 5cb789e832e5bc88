package io.github.difyjakarta.it.host;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Uses the server's scheduler, as ordinary applications do. */
@WebServlet("/reminder")
public class ReminderServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Resource
    @SuppressWarnings("NullAway.Init")
    private transient ManagedScheduledExecutorService scheduler;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            response.getWriter()
                    .print(scheduler
                            .schedule(() -> "order 4711", 1, TimeUnit.MILLISECONDS)
                            .get());
        } catch (InterruptedException | ExecutionException e) {
            throw new ServletException(e);
        }
    }
}
