using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace DispatchCenter.Web.Pages;

/// <summary>
/// A form that could not be read, most likely because it was too large, would reach its page as an empty one; answer 413 or 400 instead.
/// </summary>
internal sealed class UnreadableForm : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var failed = context.ModelState.Values.SelectMany(entry => entry.Errors).FirstOrDefault(error => error.Exception is ValueProviderException);
        if (failed is null)
            return;
        var status = failed.Exception!.InnerException is BadHttpRequestException refused ? refused.StatusCode : StatusCodes.Status400BadRequest;
        context.Result = new StatusCodeResult(status);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
