<%@ page contentType="text/html; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="c" uri="jakarta.tags.core" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<c:if test="${pageContext.request.userPrincipal != null}"><c:redirect url="/orders"/></c:if>
<t:page title="Log in" tab="login">
  <p class="message" role="alert" id="login-failed">User name or password is wrong.</p>
  <jsp:include page="/WEB-INF/jsp/login-form.jsp"/>
</t:page>
