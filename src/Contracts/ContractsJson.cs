using System.Text.Json;
using System.Text.Json.Serialization;

namespace DispatchCenter.Contracts;

/// <summary>
/// The source-generated JSON of everything that crosses the wire, on both sides: camelCase, ISO 8601, no reflection.
/// The primitives are there because hub methods take them as arguments.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(FeedFrame))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(CallCard))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(Board))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(StreetView))]
[JsonSerializable(typeof(TrackedCall))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(WhistleRequest))]
[JsonSerializable(typeof(WhistleReceipt))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginReply))]
[JsonSerializable(typeof(EvaluationRequest))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(ResolveRequest))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(ReturnRequest))]
[JsonSerializable(typeof(AcknowledgeRequest))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(LinkReply))]
[JsonSerializable(typeof(PartyView))]
[JsonSerializable(typeof(List<SimilarCall>))]
[JsonSerializable(typeof(StandardsView))]
[JsonSerializable(typeof(RatesView))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(StatsView))]
[JsonSerializable(typeof(TodayView))]
[JsonSerializable(typeof(ReadsView))]
[JsonSerializable(typeof(ApiProblem))]
public sealed partial class ContractsJson : JsonSerializerContext;
