using DispatchCenter.Web.Features.Front;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Answers what the framework would let through to a page as if it were an empty form: one that could not be read, most likely because
/// it was too large, one that holds what cannot be kept, and a method that the page does not have.
/// </summary>
internal sealed class FormGate : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerInstance is ErrorModel)
            return;
        var request = context.HttpContext.Request;
        // An error under no field's name is one of the form as a whole.
        if (context.ModelState.TryGetValue(string.Empty, out var whole) && whole.Errors.Count > 0)
            context.Result = new StatusCodeResult(IsTooLarge(context.HttpContext) ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
        else if (request.HasFormContentType && Storable.HasNul(request.Form))
            context.Result = new StatusCodeResult(StatusCodes.Status400BadRequest);
        else if (context.HandlerMethod is null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    private static bool IsTooLarge(HttpContext http) =>
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is not { } limit || http.Request.ContentLength is not { } length || length > limit;
}
