using System.Buffers;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Web.Kernel;

namespace DispatchCenter.Web.Features.Whistles;

/// <summary>Where gateways report a key that was pressed, or a reply. No account: the signature is the capability.</summary>
internal static class AnswerApi
{
    private const string Timestamp = "X-Dispatch-Timestamp", Signature = "X-Dispatch-Signature";

    public static void MapAnswers(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/channels/{code}/answers", async (string code, HttpContext http, AnswerCommands answers) =>
        {
            if (!http.Request.HasJsonContentType()) return Outcome.Of(Codes.UnsupportedMediaType).Problem();
            var buffer = ArrayPool<byte>.Shared.Rent(AnswerCommands.Limit + 1);
            try
            {
                var length = http.Request.ContentLength > AnswerCommands.Limit ? buffer.Length : await http.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, AnswerCommands.Limit + 1), AnswerCommands.Limit + 1, throwOnEndOfStream: false, http.RequestAborted);
                if (length > AnswerCommands.Limit)
                {
                    await Bodies.DrainAsync(http, Bodies.Limit);
                    return Outcome.Of(Codes.BodyTooLarge).Problem();
                }

                return (await answers.TakeAsync(code, http.Request.Headers[Timestamp], http.Request.Headers[Signature], buffer.AsMemory(0, length), http.RequestAborted)).Reply();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }).Needs(WhistleRights.GatewayAnswer).RequireRateLimiting(Limits.Answers).Accepts<AnswerReport>("application/json").Produces<Reply>();
}
