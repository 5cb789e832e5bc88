<%@ page contentType="text/html; charset=UTF-8" isErrorPage="true" trimDirectiveWhitespaces="true" %>
<%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<t:page title="Not found" tab="none">
  <p>There is no such page or order. <a href="${pageContext.request.contextPath}/orders">All orders</a></p>
</t:page>
