package io.github.difyjakarta.it.host;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Begins a session, changes its id as a login does, or ends it. */
@WebServlet("/session/*")
public class SessionServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        request.getSession();
        if ("/rename".equals(request.getPathInfo())) {
            request.changeSessionId();
        } else if ("/end".equals(request.getPathInfo())) {
            request.getSession().invalidate();
        }
    }
}
