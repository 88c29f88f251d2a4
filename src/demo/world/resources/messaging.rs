//! Streams, queues and topics.

use super::Resource;
use super::shape::Shape::{Constant, Events, Flags, Level, Rare, Tide, Times};

/// Kinesis, Firehose, MSK, SQS, SNS.
pub(super) const ALL: &[Resource] = &[
    Resource {
        namespace: "AWS/Kinesis",
        dimensions: &[("StreamName", "website-orders")],
        metrics: &[
            ("IncomingRecords", Events(26.0)),
            ("IncomingBytes", Tide { around: 5_900.0, noise: 0.1 }),
            ("GetRecords.IteratorAgeMilliseconds", Times { a_minute: 60.0, median: 180.0 }),
            ("GetRecords.Success", Flags { a_minute: 60.0, share: 0.999 }),
            ("PutRecord.Success", Flags { a_minute: 26.0, share: 0.999 }),
            ("ReadProvisionedThroughputExceeded", Rare { one_in: 300, most: 3 }),
            ("WriteProvisionedThroughputExceeded", Rare { one_in: 120, most: 4 }),
        ],
    },
    Resource {
        namespace: "AWS/Kinesis",
        dimensions: &[("StreamName", "payments-ledger")],
        metrics: &[
            ("IncomingRecords", Events(118.0)),
            ("IncomingBytes", Tide { around: 84_000.0, noise: 0.1 }),
            ("GetRecords.IteratorAgeMilliseconds", Times { a_minute: 60.0, median: 950.0 }),
            ("GetRecords.Success", Flags { a_minute: 60.0, share: 0.999 }),
            ("PutRecord.Success", Flags { a_minute: 118.0, share: 0.999 }),
            ("ReadProvisionedThroughputExceeded", Constant(0.0)),
            ("WriteProvisionedThroughputExceeded", Rare { one_in: 200, most: 2 }),
        ],
    },
    Resource {
        namespace: "AWS/Firehose",
        dimensions: &[("DeliveryStreamName", "orders-to-s3")],
        metrics: &[
            ("IncomingRecords", Events(26.0)),
            ("DeliveryToS3.Records", Events(26.0)),
            ("DeliveryToS3.Success", Flags { a_minute: 1.0, share: 0.999 }),
            ("DeliveryToS3.DataFreshness", Level { around: 74.0, noise: 0.3 }),
            ("ThrottledRecords", Constant(0.0)),
        ],
    },
    Resource {
        namespace: "AWS/Kafka",
        dimensions: &[("Cluster Name", "payments")],
        metrics: &[
            ("ActiveControllerCount", Constant(1.0)),
            ("OfflinePartitionsCount", Constant(0.0)),
            ("GlobalPartitionCount", Constant(96.0)),
            ("GlobalTopicCount", Constant(8.0)),
        ],
    },
    Resource {
        namespace: "AWS/Kafka",
        dimensions: &[("Broker ID", "1"), ("Cluster Name", "payments")],
        metrics: BROKER,
    },
    Resource {
        namespace: "AWS/Kafka",
        dimensions: &[("Broker ID", "2"), ("Cluster Name", "payments")],
        metrics: BROKER,
    },
    Resource {
        namespace: "AWS/Kafka",
        dimensions: &[("Broker ID", "3"), ("Cluster Name", "payments")],
        metrics: BROKER,
    },
    Resource {
        namespace: "AWS/Kafka",
        dimensions: &[("Cluster Name", "payments"), ("Consumer Group", "payments-execution"), ("Topic", "payments")],
        metrics: &[("EstimatedMaxTimeLag", Level { around: 1.4, noise: 0.5 })],
    },
    Resource {
        namespace: "AWS/SQS",
        dimensions: &[("QueueName", "payments-dlq")],
        metrics: &[("ApproximateAgeOfOldestMessage", Level { around: 610.0, noise: 0.4 })],
    },
    Resource {
        namespace: "AWS/SQS",
        dimensions: &[("QueueName", "payments")],
        metrics: &[
            ("ApproximateNumberOfMessagesVisible", Tide { around: 34.0, noise: 0.4 }),
            ("ApproximateNumberOfMessagesNotVisible", Tide { around: 11.0, noise: 0.4 }),
            ("ApproximateAgeOfOldestMessage", Level { around: 6.0, noise: 0.8 }),
            ("NumberOfMessagesSent", Events(120.0)),
            ("NumberOfMessagesReceived", Events(121.0)),
            ("NumberOfMessagesDeleted", Events(119.5)),
        ],
    },
    Resource {
        namespace: "AWS/SNS",
        dimensions: &[("TopicName", "token-alerts")],
        metrics: &[
            ("NumberOfMessagesPublished", Rare { one_in: 15, most: 3 }),
            ("NumberOfNotificationsDelivered", Rare { one_in: 15, most: 6 }),
            ("NumberOfNotificationsFailed", Constant(0.0)),
        ],
    },
    Resource {
        namespace: "AWS/SNS",
        dimensions: &[("TopicName", "payment-events")],
        metrics: &[
            ("NumberOfMessagesPublished", Events(118.0)),
            ("NumberOfNotificationsDelivered", Events(354.0)),
            ("NumberOfNotificationsFailed", Rare { one_in: 90, most: 2 }),
        ],
    },
];

const BROKER: &[(&str, super::Shape)] = &[
    ("BytesInPerSec", Tide { around: 61_000.0, noise: 0.1 }),
    ("BytesOutPerSec", Tide { around: 122_000.0, noise: 0.1 }),
    ("CpuUser", Tide { around: 18.0, noise: 0.2 }),
    ("CpuSystem", Tide { around: 4.0, noise: 0.2 }),
    ("KafkaDataLogsDiskUsed", Level { around: 47.0, noise: 0.01 }),
    ("UnderReplicatedPartitions", Constant(0.0)),
    ("UnderMinIsrPartitionCount", Constant(0.0)),
];
