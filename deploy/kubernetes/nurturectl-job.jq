# nurturectl-job.jq - of the scheduler's StatefulSet a Job that runs one command of nurturectl.
#
#   kubectl get statefulset nurture-scheduler -o json |
#     jq -f nurturectl-job.jq --arg command "status" [--arg image IMAGE] [--arg login SECRET]
#
# The pod has labels of its own: a PodDisruptionBudget that finds a pod of a Job lets nobody leave a
# node, and the chart's NetworkPolicy of nurturectl lets it reach Kafka, Redis and port 9090 of the
# services, for doctor --at.  login is the Secret of another user of Kafka, who is called as the Secret is, with the same
# keys.
($ARGS.named) as $given
| {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {name: "nurturectl", namespace: .metadata.namespace},
    spec: {
      backoffLimit: 0,
      template: {
        metadata: {
          labels: (
            .spec.template.metadata.labels
            | ."app.kubernetes.io/name" += "-nurturectl"
            | ."app.kubernetes.io/component" = "nurturectl"
          )
        },
        spec: (
          .spec.template.spec
          | .restartPolicy = "Never"
          | del(.topologySpreadConstraints)
          | .containers[0] |= (
              del(.ports, .startupProbe, .livenessProbe, .readinessProbe, .lifecycle)
              | .name = "nurturectl"
              | .command = ["nurturectl"] + ($given.command | split(" "))
              | if $given.image then .image = $given.image else . end
              | if $given.login then
                  (.env[] | select(.name == "KAFKA_SASL_USERNAME") | .value) = $given.login
                else . end
            )
          | if $given.login then
              (.volumes[] | select(.name == "kafka") | .secret.secretName) = $given.login
            else . end
        )
      }
    }
  }
